import type { Fields } from '#lib/kernel/form-merge.ts'
import type { ContentFields } from '../content.ts'

const tick = (on: boolean): string => (on ? 'on' : '')

/** A file as a form shows it. */
export type FormFile = { id: string; name: string; title: string; mediaType: string; size: number }

/** The attachments as a form carries them unseen: a person who saves second sees those that another person added. */
export const attachedField = (files: readonly FormFile[]): string =>
  JSON.stringify(files.map(({ id, name, title, mediaType, size }) => ({ id, name, title, mediaType, size })))

type Written = Pick<ContentFields, 'title' | 'summary' | 'category' | 'urgent' | 'highlighted'> & {
  body: string
  /** The attachments. */
  files: readonly FormFile[]
}

/** A news item or document as its form holds it. */
export const contentFields = (version: Written): Fields => ({
  title: version.title,
  summary: version.summary,
  body: version.body,
  category: version.category,
  urgent: tick(version.urgent),
  highlighted: tick(version.highlighted),
  attached: attachedField(version.files),
})
