import { type PublicationState, type PublicationWindow, stateAt } from '#lib/publishing/lifecycle.ts'

/** The published version of a form gives the window. Closed early, it is closed from that instant on: not before. */
export const formStateAt = (
  form: PublicationWindow & { isPublished: boolean; closedAt: Date | null },
  now: Date,
): PublicationState =>
  stateAt(
    {
      latestVersion: 1,
      publishedVersion: form.isPublished ? 1 : null,
      opensAt: form.opensAt,
      closesAt: form.closesAt,
      withdrawnAt: form.closedAt && form.closedAt <= now ? form.closedAt : null,
    },
    now,
  )
