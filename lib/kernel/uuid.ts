const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** An id that no row has: the database makes ids of version 7. */
export const NIL_UUID = '00000000-0000-0000-0000-000000000000'

/** Whether a value is written as the database writes ids. Any other value is no id, and is never sent to the database. */
export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value)
