const SHAPE = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/

/** A moment of SAML (`xs:dateTime` with a zone) in milliseconds; null for anything else, a time without a zone included. */
export function readInstant(text: string | null): number | null {
  const [, local = '', fraction = '', zone = ''] = SHAPE.exec(text ?? '') ?? []
  const asWritten = Date.parse(`${local}Z`)
  // A 30th of February is a day to Date.parse, but not the one that was written.
  if (!local || Number.isNaN(asWritten) || !new Date(asWritten).toISOString().startsWith(local)) return null
  const instant = Date.parse(`${local}${zone}`)
  return Number.isNaN(instant) ? null : instant + Number(`${fraction}00`.slice(0, 3))
}

/** As our own documents say it: whole seconds, because a provider that answers in whole seconds must not seem earlier than we. */
export const writeInstant = (instant: Date): string => `${instant.toISOString().slice(0, 19)}Z`
