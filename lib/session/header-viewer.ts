import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { OpenedWith } from './step-up.ts'

/** What header and navigation show about a viewer. */
export type HeaderViewer = {
  name: string
  family: boolean
  holder: boolean
  delegate?: boolean
  /** A past holder: sees only the invoices of payments made before another person became the holder. */
  past?: boolean
  staff: boolean
  /** Unread notifications; undefined for a person without an inbox. */
  unread?: number
  /** How the session was opened, when not with SPID or CIE. */
  unlockedWith?: 'sequence' | 'passkey'
}

/** The viewer as navigation sees it: only what decides which links are drawn. */
export const headerViewerOf = (viewer: Viewer, openedWith: OpenedWith = 'identity'): HeaderViewer => ({
  name: viewer.name,
  family: viewer.memberships.some(({ role }) => role !== 'past_holder'),
  holder: allowedToFamily(viewer, 'money:read'),
  delegate: allowedToFamily(viewer, 'delegation:leave'),
  past: viewer.memberships.length > 0 && viewer.memberships.every(({ role }) => role === 'past_holder'),
  staff: viewer.staffRoles.length > 0,
  ...(openedWith === 'identity' ? {} : { unlockedWith: openedWith }),
})
