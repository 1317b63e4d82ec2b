import type { IconName } from '#components/ui/icon.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { StatusChip, type Tone } from '#components/ui/status-chip.tsx'
import {
  type AcknowledgementState,
  COMMUNICATION_KINDS,
  type CommunicationKind,
} from '#lib/communications/communication.ts'
import { type Day, dayInRome } from '#lib/kernel/day.ts'
import { longDate, numericDay } from '#lib/words/format-day.ts'
import { plural, type Words } from '#lib/words/language.ts'
import { useWords } from '#words'

export type FamilyCommunication = {
  id: string
  title: string
  kind: CommunicationKind | null
  excerpt: string
  publishedAt: Date
  correctedAt: Date | null
  isRead: boolean
  isExpired: boolean
  withdrawnAt: Date | null
  acknowledgement: AcknowledgementState
  acknowledgeBy: Day | null
  files: number
}

type Chip = { tone: Tone; icon: IconName; words: string }

/** What there is to say of a line, most important first. */
function chipsOf(communication: FamilyCommunication, t: Words): Chip[] {
  const { acknowledgement, acknowledgeBy, isRead, isExpired, withdrawnAt } = communication
  if (withdrawnAt) return [{ tone: 'danger', icon: 'archive', words: t('Ritirata') }]
  const chips: Chip[] = []
  if (!isRead && !isExpired) chips.push({ tone: 'info', icon: 'mail', words: t('Da leggere') })
  if (acknowledgement === 'asked')
    chips.push({
      tone: 'warning',
      icon: 'clock',
      words: acknowledgeBy
        ? t('Da confermare entro il {day}', { day: numericDay(acknowledgeBy, t.language) })
        : t('Da confermare'),
    })
  if (acknowledgement === 'asked-late')
    chips.push({ tone: 'danger', icon: 'triangle-alert', words: t('Da confermare, in ritardo') })
  if (acknowledgement === 'done')
    chips.push({ tone: 'success', icon: 'circle-check', words: t('Confermata') })
  if (isExpired) chips.push({ tone: 'neutral', icon: 'clock', words: t('Scaduta') })
  return chips
}

const filesInWords = (count: number, t: Words): string =>
  t(plural('{n} allegato', '{n} allegati'), { n: count })

/** What the office has sent, newest first. Unread is a word and a weight, not only a colour. */
export function CommunicationList({
  municipalitySlug,
  communications,
}: {
  municipalitySlug: string
  communications: readonly FamilyCommunication[]
}) {
  const t = useWords()
  return (
    <ul data-surface className="divide-y divide-line rounded-lg border border-line bg-white shadow-low">
      {communications.map((communication) => {
        const isNew = !communication.isRead && !communication.isExpired && !communication.withdrawnAt
        return (
          <li
            key={communication.id}
            className={`relative border-s-[6px] p-4 hover:bg-canvas sm:px-6 ${isNew ? 'border-s-primary' : 'border-s-transparent'}`}
          >
            <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted">
              {communication.kind && <span>{t(COMMUNICATION_KINDS[communication.kind].one)}</span>}
              {communication.kind && <span aria-hidden="true">·</span>}
              <span>{longDate(dayInRome(communication.publishedAt), t.language)}</span>
              {communication.correctedAt && (
                <span>
                  ·{' '}
                  {t('corretta il {day}', {
                    day: longDate(dayInRome(communication.correctedAt), t.language),
                  })}
                </span>
              )}
            </p>
            <h2 className="mt-1 text-lg sm:text-xl">
              <a
                href={`/${municipalitySlug}/comunicazioni/${communication.id}`}
                lang="it"
                className={`stretched text-ink no-underline hover:underline ${isNew ? 'font-semibold' : 'font-normal'}`}
              >
                {communication.title}
              </a>
            </h2>
            {communication.excerpt && (
              <p lang="it" className="mt-1 max-w-3xl text-ink">
                {communication.excerpt}
              </p>
            )}
            <p className="mt-2 flex flex-wrap items-center gap-2 empty:hidden">
              {chipsOf(communication, t).map(({ tone, icon, words }) => (
                <StatusChip key={words} tone={tone} icon={icon}>
                  {words}
                </StatusChip>
              ))}
              {communication.files > 0 && (
                <span className="inline-flex items-center gap-1 text-sm text-muted">
                  <Icon name="paperclip" size="sm" /> {filesInWords(communication.files, t)}
                </span>
              )}
            </p>
          </li>
        )
      })}
    </ul>
  )
}
