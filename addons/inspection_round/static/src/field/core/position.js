/** Where the phone is, as far as it knows. Nothing ever waits for it longer than it must. */

const FRESH = 60000; // ms for which a position still counts
const LINGER = 20000; // ms for which it goes on: one page follows another
const OPTIONS = { enableHighAccuracy: true, maximumAge: 15000, timeout: 20000 };

export class Position {
    constructor() {
        this.last = null;
        this.watch = null;
        this.waiting = [];
    }

    start() {
        clearTimeout(this.ending);
        if (this.watch === null && navigator.geolocation) {
            this.watch = navigator.geolocation.watchPosition(
                (found) => this.onFound(found),
                () => this.release(),
                OPTIONS
            );
        }
    }

    stop() {
        clearTimeout(this.ending);
        this.ending = setTimeout(() => this.end(), LINGER);
    }

    end() {
        if (this.watch !== null) {
            navigator.geolocation.clearWatch(this.watch);
            this.watch = null;
        }
        this.release();
    }

    onFound({ coords }) {
        this.last = {
            lat: coords.latitude,
            lon: coords.longitude,
            accuracy: Math.round(coords.accuracy),
            at: Date.now(),
        };
        this.release();
    }

    release() {
        this.waiting.splice(0).forEach((resolve) => resolve());
    }

    /**
     * Say where the phone is.
     *
     * @param {number} patience ms to wait for a first position
     * @returns {Promise<{lat: number, lon: number, accuracy: number} | {}>}
     */
    async fix(patience = 2500) {
        const isFresh = () => this.last && Date.now() - this.last.at < FRESH;
        if (!isFresh() && this.watch !== null) {
            await Promise.race([
                new Promise((resolve) => this.waiting.push(resolve)),
                new Promise((resolve) => setTimeout(resolve, patience)),
            ]);
        }
        if (!isFresh()) {
            return {};
        }
        const { lat, lon, accuracy } = this.last;
        return { lat, lon, accuracy };
    }
}
