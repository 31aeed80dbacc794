// A step of a tour that presses a key where the focus is, as a clerk does.
export const press = (key, shiftKey = false) => ({
    run: () =>
        (document.activeElement || document.body).dispatchEvent(
            new KeyboardEvent("keydown", { key, shiftKey, bubbles: true, cancelable: true })
        ),
});
