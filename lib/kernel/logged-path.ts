/** As long as the secrets that stand in addresses: invitations, calendars. Ids are shorter. */
const SECRET = /[\w-]{43,}/g

/** A path as the logs may have it: without its query, which may say who somebody is, and without secrets. */
export const loggedPath = (path: string): string => (path.split('?')[0] ?? '').replace(SECRET, '…')
