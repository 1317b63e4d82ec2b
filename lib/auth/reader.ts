import { allowedToFamily } from './roles.ts'
import type { OpenedWith } from './step-up.ts'
import type { Viewer } from './viewer.ts'

/** What header and navigation show of a viewer. */
export type Reader = {
  name: string
  family: boolean
  holder: boolean
  staff: boolean
  /** How the session was opened, when not with SPID or CIE. */
  unlockedWith?: 'sequence' | 'passkey'
}

/** The viewer as navigation sees it: only what decides which links are drawn. */
export const readerOf = (viewer: Viewer, openedWith: OpenedWith = 'identity'): Reader => ({
  name: viewer.name,
  family: viewer.memberships.length > 0,
  holder: allowedToFamily(viewer, 'money:read'),
  staff: viewer.staffRoles.length > 0,
  ...(openedWith === 'identity' ? {} : { unlockedWith: openedWith }),
})
