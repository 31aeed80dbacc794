/** What an employee feels and hears without looking at the phone. */

let audio;

function tone(frequency, from, length) {
    const oscillator = audio.createOscillator();
    const volume = audio.createGain();
    oscillator.frequency.value = frequency;
    volume.gain.setValueAtTime(0.2, audio.currentTime + from);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + from + length);
    oscillator.connect(volume).connect(audio.destination);
    oscillator.start(audio.currentTime + from);
    oscillator.stop(audio.currentTime + from + length);
}

function play(tones, pattern) {
    navigator.vibrate?.(pattern);
    const Context = window.AudioContext || window.webkitAudioContext;
    if (!Context) {
        return;
    }
    audio ||= new Context();
    audio.resume?.();
    tones.forEach(([frequency, from, length]) => tone(frequency, from, length));
}

export function good() {
    play([[1320, 0, 0.14]], 60);
}

export function bad() {
    play(
        [
            [330, 0, 0.2],
            [262, 0.22, 0.3],
        ],
        [120, 80, 120]
    );
}
