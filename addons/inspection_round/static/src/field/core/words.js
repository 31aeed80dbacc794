/** The language of the app: its words are kept by the service worker with the app itself. */

import {
    translatedTerms,
    translatedTermsGlobal,
    translationIsReady,
    translationLoaded,
} from "@web/core/l10n/translation";
import { set, setting } from "./database";

const SETTING = "lang";

let current = "";

/** @returns {string} the language in which the app speaks now */
export function language() {
    return current;
}

/** @returns {Promise<string>} the language of who used the app last, or of the phone */
export async function knownLanguage() {
    const isChinese = navigator.language.toLowerCase().startsWith("zh");
    return (await setting(SETTING)) || (isChinese ? "zh_CN" : "en_US");
}

/** Load the words of a language; without them the app speaks English. */
export async function loadWords(lang) {
    current = lang;
    await set(SETTING, lang);
    document.documentElement.lang = lang.replace("_", "-");
    let found = {};
    try {
        const response = await fetch(`/field/words/${lang}`);
        found = response.ok ? await response.json() : {};
    } catch {
        // an employee would rather work in English than not at all
    }
    for (const [addon, words] of Object.entries(found)) {
        translatedTerms[addon] = words;
        Object.assign(translatedTermsGlobal, words);
    }
    translatedTerms[translationLoaded] = true;
    translationIsReady.resolve(true);
}
