import { ActForm } from '#components/devices/act-form.tsx'
import { Said } from '#components/language/said.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import type { Inbox, InboxItem } from '#lib/notifications/inbox.ts'
import type { EventName } from '#lib/notifications/notification.ts'
import type { FormState } from '#lib/web/form-state.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { useWords } from '#words'

const ICONS: Partial<Record<EventName, IconName>> = {
  'meals:changed': 'calendar-days',
  'calendar:closure': 'calendar-off',
  'menu:changed': 'utensils',
  'communication:published': 'message-square-text',
  'communication:to-acknowledge': 'badge-check',
  'communication:about-money': 'message-square-text',
  'questionnaire:open': 'list',
  'form:status': 'file-text',
  'top-up:credited': 'wallet',
  'top-up:failed': 'circle-x',
  'top-up:to-settle': 'circle-alert',
  'balance:low': 'coins',
  'invoice:ready': 'receipt-text',
  'delegation:answered': 'hand-helping',
  'delegation:ended': 'hand-helping',
  'device:remembered': 'smartphone',
  'contact:refused': 'mail',
}

function Line({ municipalitySlug, item }: { municipalitySlug: string; item: InboxItem }) {
  const t = useWords()
  return (
    <li
      className={`relative flex gap-3 border-s-4 px-4 py-4 hover:bg-canvas sm:gap-4 sm:px-6 ${item.isRead ? 'border-s-transparent' : 'border-s-primary'}`}
    >
      <Icon
        name={(item.event && ICONS[item.event]) ?? 'bell'}
        size="lg"
        className={`mt-0.5 shrink-0 ${item.isRead ? 'text-muted' : 'text-primary'}`}
      />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-3 text-sm text-muted">
          {instantInWords(item.at, t)}
          {!item.isRead && <strong className="font-semibold text-primary-dark">{t('Da leggere')}</strong>}
        </p>
        <h2 className={`mt-0.5 text-lg leading-snug ${item.isRead ? 'font-semibold' : ''}`}>
          {/* Marks it as read on the way, with or without JavaScript. */}
          <a
            href={`/${municipalitySlug}/notifiche/${item.id}`}
            className="stretched text-ink no-underline hover:underline"
          >
            <Said text={item.title} />
          </a>
        </h2>
        <p className="mt-1 whitespace-pre-line">
          <Said text={item.text} />
        </p>
      </div>
      <Icon name="chevron-right" className="mt-0.5 shrink-0 text-muted" />
    </li>
  )
}

/** Everything that the portal told this person, newest first; what was not opened yet says so in words. */
export function InboxList({
  municipalitySlug,
  inbox,
  readAll,
}: {
  municipalitySlug: string
  inbox: Inbox
  readAll: (previous: FormState, form: FormData) => Promise<FormState>
}) {
  const t = useWords()
  if (inbox.items.length === 0)
    return (
      <EmptyState icon="bell" title={t('Nessuna notifica')}>
        <p>
          {t('Qui trovi tutto quello che il portale ti dice: pasti cambiati, giorni senza mensa, pagamenti.')}
        </p>
      </EmptyState>
    )
  return (
    <div className="grid gap-4">
      {inbox.unread > 0 && (
        <div className="flex sm:justify-end print:hidden">
          <ActForm
            municipalitySlug={municipalitySlug}
            id="tutte"
            action={readAll}
            label={t('Segna tutto come letto')}
            about=""
            look="secondary"
          />
        </div>
      )}
      <ul
        data-surface
        className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-white shadow-low"
      >
        {inbox.items.map((item) => (
          <Line key={item.id} municipalitySlug={municipalitySlug} item={item} />
        ))}
      </ul>
      <p className="text-sm text-muted">{t('Le notifiche restano qui dodici mesi.')}</p>
    </div>
  )
}
