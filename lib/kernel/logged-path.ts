/** The length of the secrets in addresses: invitations, calendars. Ids are shorter. */
const SECRET = /[\w-]{43,}/g

/** A path for the logs: without its query, which may identify a person, and without secrets. */
export const loggedPath = (path: string): string => (path.split('?')[0] ?? '').replace(SECRET, '…')
