import type { ReactNode } from 'react'
import { type AttachmentLine, Attachments } from '#components/public/attachments.tsx'
import { RichText } from '#components/public/rich-text.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import {
  type AcknowledgementMode,
  type AcknowledgementState,
  COMMUNICATION_KINDS,
  type CommunicationKind,
} from '#lib/communications/communication.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { SafeHtml } from '#lib/publishing/safe-html.ts'
import { instantInWords, longDay } from '#lib/words/format-day.ts'
import type { Words } from '#lib/words/language.ts'
import { inARow } from '#lib/words/list.ts'
import { useWords } from '#words'

export type SheetText = {
  version: number
  isCurrent: boolean
  kind: CommunicationKind
  body: SafeHtml
  files: readonly AttachmentLine[]
  expiresAt: Date | null
  isExpired: boolean
  acknowledgement: AcknowledgementState
  mode: AcknowledgementMode
  acknowledgeBy: Day | null
  acknowledged: { by: string; at: Date; wasLate: boolean } | null
}

export type SheetVersion = { number: number; publishedAt: Date; reason: string }

/** "Informativa, 24/11/2026 alle 9:05" */
export const sheetEyebrow = (kind: CommunicationKind, publishedAt: Date, t: Words): string =>
  inARow([t(COMMUNICATION_KINDS[kind].one), instantInWords(publishedAt, t)], t)

/** Where the reader stands with the confirmation, in words; the form, where there is something to do, comes with it. */
function Acknowledgement({ text, form }: { text: SheetText; form: ReactNode }) {
  const t = useWords()
  const { acknowledgement, acknowledgeBy, acknowledged, mode } = text
  if (acknowledgement === 'not-asked') return null
  if (acknowledgement === 'over')
    return (
      <Notice kind="info">
        <p>{t('Non serve più confermare.')}</p>
      </Notice>
    )
  if (acknowledgement === 'done' && acknowledged) {
    const facts = { who: acknowledged.by, when: instantInWords(acknowledged.at, t) }
    return (
      <Notice kind="success" title={t('Presa d’atto registrata')}>
        <p>
          {acknowledged.wasLate ? t('{who}, {when}, dopo il termine.', facts) : t('{who}, {when}.', facts)}{' '}
          {mode === 'household' && t('Vale per tutta la famiglia.')}
        </p>
      </Notice>
    )
  }
  const late = acknowledgement === 'asked-late'
  const day = acknowledgeBy && longDay(acknowledgeBy, t.language)
  return (
    <Notice
      kind={late ? 'warning' : 'info'}
      title={late ? t('Il termine per confermare è passato') : t('Ti chiediamo di confermare')}
      action={form}
    >
      <p>
        {day &&
          late &&
          t('Era {day}. Puoi confermare lo stesso: l’ufficio vedrà che è arrivata dopo.', { day })}
        {day && !late && t('Entro {day}.', { day })}{' '}
        {mode === 'household'
          ? t('Basta la conferma di un adulto della famiglia.')
          : t('Ogni adulto conferma per sé.')}
      </p>
    </Notice>
  )
}

/** What was corrected and why, with the way to what was there before. */
function Versions({
  path,
  text,
  versions,
}: {
  path: string
  text: SheetText
  versions: readonly SheetVersion[]
}) {
  const t = useWords()
  const [current] = versions
  if (!current || versions.length < 2) return null
  if (!text.isCurrent)
    return (
      <Notice kind="warning" title={t('Questo è il testo di prima')}>
        <p>
          <a href={path}>{t('Leggi il testo che vale adesso')}</a>
        </p>
      </Notice>
    )
  return (
    <Notice kind="info" title={t('Corretta il {when}', { when: instantInWords(current.publishedAt, t) })}>
      <p>{t('Motivo: {reason}', { reason: current.reason })}</p>
      <ul className="mt-2 list-disc ps-5 print:hidden">
        {versions.slice(1).map((version) => (
          <li key={version.number}>
            <a href={`${path}?versione=${version.number}`}>
              {t('Il testo uscito il {when}', { when: instantInWords(version.publishedAt, t) })}
            </a>
          </li>
        ))}
      </ul>
    </Notice>
  )
}

/**
 * A communication as its reader has it: what changed, the text, the files, the confirmation.
 * @param form what sends the confirmation; nothing in a preview
 */
export function CommunicationSheet({
  municipalitySlug,
  path,
  text,
  versions,
  form = null,
}: {
  municipalitySlug: string
  path: string
  text: SheetText
  versions: readonly SheetVersion[]
  form?: ReactNode
}) {
  const t = useWords()
  return (
    <div className="grid max-w-3xl gap-6">
      {text.isExpired && text.expiresAt && (
        <Notice kind="info">
          <p>
            {t('È scaduta il {when}: la trovi qui come ricordo.', {
              when: instantInWords(text.expiresAt, t),
            })}
          </p>
        </Notice>
      )}
      <Versions path={path} text={text} versions={versions} />
      <Card>
        <div lang="it">
          <RichText html={text.body} />
        </div>
      </Card>
      {text.files.length > 0 && (
        <section aria-labelledby="allegati">
          <h2 id="allegati" className="mb-3 text-xl">
            {t('Allegati')}
          </h2>
          <Attachments municipalitySlug={municipalitySlug} files={text.files} />
        </section>
      )}
      <Acknowledgement text={text} form={form} />
    </div>
  )
}
