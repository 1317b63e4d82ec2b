const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Whether a value is written as the database writes ids; anything else can be nobody's, and is never asked for. */
export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value)
