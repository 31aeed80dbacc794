/** How serious an incident is, as a colour. */

const KINDS = { 4: "bad", 3: "warn", 2: "main", 1: "plain" };

export function severityKind(severity) {
    return KINDS[severity] || "plain";
}

/** @returns {string} the name of a severity, as the server calls it */
export function severityName(field, severity) {
    const { severities = [] } = field.data("incidents");
    return severities.find((one) => one.key === severity)?.name || "";
}
