/** The language of the app: its words are kept by the service worker with the app itself. */

import {
    translatedTerms,
    translatedTermsGlobal,
    translationIsReady,
    translationLoaded,
} from "@web/core/l10n/translation";

const KEY = "field.lang";

export function language() {
    const chosen = localStorage.getItem(KEY);
    if (chosen) {
        return chosen;
    }
    return navigator.language.toLowerCase().startsWith("zh") ? "zh_CN" : "en_US";
}

/** Load the words of a language; without them the app speaks English. */
export async function loadWords(lang) {
    localStorage.setItem(KEY, lang);
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
