/**
 * What the register keeps of an operation beside who, when and on what: `thing` and `thingBefore`, or `before` and `after`, say from
 * what to what, `reason` why. Of a diet its code alone; never a token or a fiscal code.
 */
export type AuditDetails = Readonly<Record<string, string | number | boolean | null>>
