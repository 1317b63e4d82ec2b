import type { ReactNode } from 'react'
import { type AttachmentLine, Attachments } from '#components/public/attachments.tsx'
import { RichText } from '#components/public/rich-text.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import {
  type AcknowledgementMode,
  type AcknowledgementState,
  type CommunicationKind,
  KINDS,
} from '#lib/communications/communication.ts'
import type { SafeHtml } from '#lib/content/content.ts'
import { type Day, instantInWords, longDay } from '#lib/day.ts'

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

/** "Informativa del gestore della mensa, 24/11/2026 alle 9:05" */
export const sheetEyebrow = (kind: CommunicationKind, publishedAt: Date): string =>
  `${KINDS[kind].one}, ${instantInWords(publishedAt)}`

/** Where the reader stands with the confirmation, in words; the form, where there is something to do, comes with it. */
function Acknowledgement({ text, form }: { text: SheetText; form: ReactNode }) {
  const { acknowledgement, acknowledgeBy, acknowledged, mode } = text
  if (acknowledgement === 'not-asked') return null
  if (acknowledgement === 'over')
    return (
      <Notice kind="info">
        <p>Non serve più confermare.</p>
      </Notice>
    )
  if (acknowledgement === 'done' && acknowledged)
    return (
      <Notice kind="success" title="Presa d’atto registrata">
        <p>
          {acknowledged.by}, {instantInWords(acknowledged.at)}
          {acknowledged.wasLate && ', dopo il termine'}.{' '}
          {mode === 'household' && 'Vale per tutta la famiglia.'}
        </p>
      </Notice>
    )
  const late = acknowledgement === 'asked-late'
  return (
    <Notice
      kind={late ? 'warning' : 'info'}
      title={late ? 'Il termine per confermare è passato' : 'Ti chiediamo di confermare'}
      action={form}
    >
      <p>
        {late && acknowledgeBy && (
          <>Era {longDay(acknowledgeBy)}. Puoi confermare lo stesso: l’ufficio vedrà che è arrivata dopo. </>
        )}
        {!late && acknowledgeBy && <>Entro {longDay(acknowledgeBy)}. </>}
        {mode === 'household'
          ? 'Basta la conferma di un adulto della famiglia.'
          : 'Ogni adulto conferma per sé.'}
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
  const [current] = versions
  if (!current || versions.length < 2) return null
  return (
    <Notice
      kind={text.isCurrent ? 'info' : 'warning'}
      title={
        text.isCurrent ? `Corretta il ${instantInWords(current.publishedAt)}` : 'Questo è il testo di prima'
      }
    >
      <p>
        {text.isCurrent ? <>Motivo: {current.reason}</> : <a href={path}>Leggi il testo che vale adesso</a>}
      </p>
      {text.isCurrent && (
        <ul className="mt-2 list-disc ps-5 print:hidden">
          {versions.slice(1).map((version) => (
            <li key={version.number}>
              <a href={`${path}?versione=${version.number}`}>
                Il testo uscito il {instantInWords(version.publishedAt)}
              </a>
            </li>
          ))}
        </ul>
      )}
    </Notice>
  )
}

/**
 * A communication as its reader has it: what changed, the text, the files, the confirmation.
 * @param form what sends the confirmation; nothing in a preview
 */
export function CommunicationSheet({
  comune,
  path,
  text,
  versions,
  form = null,
}: {
  comune: string
  path: string
  text: SheetText
  versions: readonly SheetVersion[]
  form?: ReactNode
}) {
  return (
    <div className="grid max-w-3xl gap-6">
      {text.isExpired && text.expiresAt && (
        <Notice kind="info">
          <p>È scaduta il {instantInWords(text.expiresAt)}: la trovi qui come ricordo.</p>
        </Notice>
      )}
      <Versions path={path} text={text} versions={versions} />
      <Card>
        <RichText html={text.body} />
      </Card>
      {text.files.length > 0 && (
        <section aria-labelledby="allegati">
          <h2 id="allegati" className="mb-3 text-xl">
            Allegati
          </h2>
          <Attachments comune={comune} files={text.files} />
        </section>
      )}
      <Acknowledgement text={text} form={form} />
    </div>
  )
}
