import Link from 'next/link'
import type { ComponentProps } from 'react'
import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { StatusChip, type Tone } from '#components/ui/status-chip.tsx'
import { Table } from '#components/ui/table.tsx'
import {
  DELEGATE_RIGHTS,
  type Deed,
  type Delegate,
  type DelegationPage,
  type Invitation,
  type InvitationState,
} from '#lib/people/delegate.ts'
import { instantInWords, numericDay } from '#lib/words/format-day.ts'
import { type Phrase, phrase, plural, type Words } from '#lib/words/language.ts'
import { listInWords } from '#lib/words/list.ts'
import { useWords } from '#words'
import { EndForm } from './end-form.tsx'
import { InviteForm } from './invite-form.tsx'
import { RightsList } from './rights-list.tsx'

const untilInWords = (t: Words, until: string | null): string => {
  return until
    ? t('fino al {until} compreso', { until: numericDay(until, t.language) })
    : t('finché non la revochi')
}

type Action = ComponentProps<typeof EndForm>['action']

function DelegateCard({
  delegate,
  municipalitySlug,
  revoke,
}: {
  delegate: Delegate
  municipalitySlug: string
  revoke: Action
}) {
  const t = useWords()
  return (
    <Card
      title={delegate.name}
      titleId={`delegato-${delegate.memberId}`}
      headingLevel="h3"
      aside={
        <StatusChip tone="success" icon="circle-check">
          {t('Delega attiva')}
        </StatusChip>
      }
    >
      <DataList
        items={[
          {
            term: t('Per'),
            value: delegate.pupilNames ? listInWords(delegate.pupilNames, t.language) : t('Tutti i bambini'),
          },
          {
            term: t('Vale'),
            value: t('dal {since} {until}', {
              since: numericDay(delegate.since, t.language),
              until: untilInWords(t, delegate.until),
            }),
          },
        ]}
      />
      <div className="mt-4">
        <EndForm
          municipalitySlug={municipalitySlug}
          field={{ name: 'memberId', value: delegate.memberId }}
          ask={t('Revoca la delega di {name}', { name: delegate.name })}
          consequence={t(
            'Da subito {name} non vedrà più il calendario e non potrà disdire. Le disdette già fatte restano.',
            { name: delegate.name },
          )}
          confirm={t('Revoca adesso')}
          done={t('Delega di {name} revocata', { name: delegate.name })}
          action={revoke}
        />
      </div>
    </Card>
  )
}

const INVITATION_STATES: Record<InvitationState, { tone: Tone; icon: IconName; word: Phrase }> = {
  open: { tone: 'info', icon: 'clock', word: phrase('In attesa di risposta') },
  expired: { tone: 'neutral', icon: 'clock-alert', word: phrase('Scaduto') },
  accepted: { tone: 'success', icon: 'circle-check', word: phrase('Accettato') },
  declined: { tone: 'neutral', icon: 'ban', word: phrase('Rifiutato') },
  withdrawn: { tone: 'neutral', icon: 'undo-2', word: phrase('Ritirato') },
}

function InvitationRow({
  invitation,
  municipalitySlug,
  withdraw,
}: {
  invitation: Invitation
  municipalitySlug: string
  withdraw: Action
}) {
  const t = useWords()
  const state = INVITATION_STATES[invitation.state]
  return (
    <li className="grid gap-2 border-t border-line py-4 first:border-t-0 first:pt-0">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <strong className="font-semibold break-all text-ink">{invitation.email}</strong>
        <StatusChip tone={state.tone} icon={state.icon}>
          {t(state.word)}
        </StatusChip>
      </div>
      <p>
        {t(
          invitation.state === 'open'
            ? 'Per {pupilNames}. Mandato il {createdAt}, vale fino al {expiresAt}.'
            : 'Per {pupilNames}. Mandato il {createdAt}.',
          {
            pupilNames: listInWords(invitation.pupilNames, t.language),
            createdAt: instantInWords(invitation.createdAt, t),
            expiresAt: instantInWords(invitation.expiresAt, t),
          },
        )}
      </p>
      {invitation.state === 'open' && (
        <EndForm
          municipalitySlug={municipalitySlug}
          field={{ name: 'invitationId', value: invitation.id }}
          ask={t('Ritira l’invito a {email}', { email: invitation.email })}
          consequence={t('L’indirizzo che ha ricevuto per e-mail non aprirà più niente.')}
          confirm={t('Ritira l’invito')}
          done={t('Invito ritirato')}
          look="secondary"
          action={withdraw}
        />
      )}
    </li>
  )
}

const mealsInWords = (t: Words, { action, meals }: Deed): string => {
  const n = meals
  return action === 'cancel'
    ? t(plural('Disdetto {n} pasto', 'Disdetti {n} pasti'), { n })
    : t(plural('Ripristinato {n} pasto', 'Ripristinati {n} pasti'), { n })
}

/** Who did what, newest first: each line leads to its receipt. */
export function DeedsTable({ deeds, municipalitySlug }: { deeds: Deed[]; municipalitySlug: string }) {
  const t = useWords()
  if (deeds.length === 0) return <p>{t('Ancora nessuna disdetta in questa famiglia.')}</p>
  return (
    <Card flush>
      <Table caption={t('Ultime disdette e ripristini')} captionHidden>
        <thead>
          <tr>
            <th scope="col">{t('Quando')}</th>
            <th scope="col">{t('Chi')}</th>
            <th scope="col">{t('Che cosa')}</th>
            <th scope="col">{t('Ricevuta')}</th>
          </tr>
        </thead>
        <tbody>
          {deeds.map((deed) => (
            <tr key={deed.id}>
              <td className="whitespace-nowrap">{instantInWords(deed.at, t)}</td>
              <th scope="row" className="font-semibold">
                {deed.by ?? t('L’ufficio mensa')}
              </th>
              <td>
                {t('{deed} di {pupilNames}', {
                  deed: mealsInWords(t, deed),
                  pupilNames: listInWords(deed.pupilNames, t.language),
                })}
              </td>
              <td>
                <Link
                  href={`/${municipalitySlug}/prenotazioni/ricevute/${deed.id}`}
                  prefetch={false}
                  className="whitespace-nowrap"
                >
                  {deed.receiptNumber}
                </Link>
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  )
}

type Props = {
  page: DelegationPage
  municipalitySlug: string
  /** Whether to say whose household it is: there are others. */
  named: boolean
  initial: ComponentProps<typeof InviteForm>['initial']
  actions: { invite: ComponentProps<typeof InviteForm>['action']; revoke: Action; withdraw: Action }
}

/** One household's delegates as its holder manages them. */
export function DelegationSheet({ page, municipalitySlug, named, initial, actions }: Props) {
  const t = useWords()
  const titled = (title: string) =>
    named ? t('{title}, famiglia {name}', { title, name: page.householdName }) : title
  const id = (part: string) => `${part}-${page.householdId}`
  return (
    <div className="grid gap-10 *:min-w-0">
      <section aria-labelledby={id('delegati')}>
        <h2 id={id('delegati')} className="mb-4 text-2xl">
          {titled(t('Chi è delegato'))}
        </h2>
        {page.delegates.length === 0 ? (
          <p>
            {t(
              'Nessuno, per ora. Con una delega anche l’altro genitore può disdire i pasti, senza vedere niente dei pagamenti.',
            )}
          </p>
        ) : (
          <div className="grid items-start gap-4 lg:grid-cols-2">
            {page.delegates.map((delegate) => (
              <DelegateCard
                key={delegate.memberId}
                delegate={delegate}
                municipalitySlug={municipalitySlug}
                revoke={actions.revoke}
              />
            ))}
          </div>
        )}
      </section>
      <div className="grid items-start gap-6 lg:grid-cols-[3fr_2fr]">
        <Card title={titled(t('Invita l’altro genitore'))} titleId={id('invita')}>
          <InviteForm
            municipalitySlug={municipalitySlug}
            householdId={page.householdId}
            pupils={page.pupils}
            today={page.today}
            initial={initial}
            action={actions.invite}
          />
        </Card>
        <Card title={t('Che cosa può fare un delegato')} titleId={id('diritti')}>
          <RightsList label={t('Che cosa può fare un delegato')} rights={DELEGATE_RIGHTS} />
          <p className="mt-4">
            {t(
              'Vedi qui sotto ogni cambiamento che fa, e puoi revocare la delega in ogni momento: vale subito.',
            )}
          </p>
        </Card>
      </div>
      {page.invitations.length > 0 && (
        <Card title={titled(t('Inviti'))} titleId={id('inviti')}>
          <ul>
            {page.invitations.map((invitation) => (
              <InvitationRow
                key={invitation.id}
                invitation={invitation}
                municipalitySlug={municipalitySlug}
                withdraw={actions.withdraw}
              />
            ))}
          </ul>
        </Card>
      )}
      <section aria-labelledby={id('fatti')}>
        <h2 id={id('fatti')} className="mb-4 text-2xl">
          {titled(t('Chi ha fatto che cosa'))}
        </h2>
        <DeedsTable deeds={page.deeds} municipalitySlug={municipalitySlug} />
      </section>
    </div>
  )
}
