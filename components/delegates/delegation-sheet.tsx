import Link from 'next/link'
import type { ComponentProps } from 'react'
import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { StatusChip, type Tone } from '#components/ui/status-chip.tsx'
import { Table } from '#components/ui/table.tsx'
import { instantInWords, numericDay } from '#lib/day.ts'
import {
  DELEGATE_RIGHTS,
  type Deed,
  type Delegate,
  type DelegationPage,
  type Invitation,
  type InvitationState,
} from '#lib/delegates/delegate.ts'
import { EndForm } from './end-form.tsx'
import { InviteForm } from './invite-form.tsx'
import { RightsList } from './rights-list.tsx'

const listed = (names: readonly string[]): string =>
  new Intl.ListFormat('it', { type: 'conjunction' }).format(names)

const untilInWords = (until: string | null): string =>
  until ? `fino al ${numericDay(until)} compreso` : 'finché non la revochi'

type Action = ComponentProps<typeof EndForm>['action']

function DelegateCard({ delegate, comune, revoke }: { delegate: Delegate; comune: string; revoke: Action }) {
  return (
    <Card
      title={delegate.name}
      titleId={`delegato-${delegate.memberId}`}
      headingLevel="h3"
      aside={
        <StatusChip tone="success" icon="circle-check">
          Delega attiva
        </StatusChip>
      }
    >
      <DataList
        items={[
          { term: 'Per', value: delegate.pupilNames ? listed(delegate.pupilNames) : 'Tutti i bambini' },
          { term: 'Vale', value: `dal ${numericDay(delegate.since)} ${untilInWords(delegate.until)}` },
        ]}
      />
      <div className="mt-4">
        <EndForm
          comune={comune}
          field={{ name: 'memberId', value: delegate.memberId }}
          ask={`Revoca la delega di ${delegate.name}`}
          consequence={`Da subito ${delegate.name} non vedrà più il calendario e non potrà disdire. Le disdette già fatte restano.`}
          confirm="Revoca adesso"
          done={`Delega di ${delegate.name} revocata`}
          action={revoke}
        />
      </div>
    </Card>
  )
}

const INVITATION_STATES: Record<InvitationState, { tone: Tone; icon: IconName; word: string }> = {
  open: { tone: 'info', icon: 'clock', word: 'In attesa di risposta' },
  expired: { tone: 'neutral', icon: 'clock-alert', word: 'Scaduto' },
  accepted: { tone: 'success', icon: 'circle-check', word: 'Accettato' },
  declined: { tone: 'neutral', icon: 'ban', word: 'Rifiutato' },
  withdrawn: { tone: 'neutral', icon: 'undo-2', word: 'Ritirato' },
}

function InvitationRow({
  invitation,
  comune,
  withdraw,
}: {
  invitation: Invitation
  comune: string
  withdraw: Action
}) {
  const state = INVITATION_STATES[invitation.state]
  return (
    <li className="grid gap-2 border-t border-line py-4 first:border-t-0 first:pt-0">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <strong className="font-semibold break-all text-ink">{invitation.email}</strong>
        <StatusChip tone={state.tone} icon={state.icon}>
          {state.word}
        </StatusChip>
      </div>
      <p>
        Per {listed(invitation.pupilNames)}. Mandato il {instantInWords(invitation.createdAt)}
        {invitation.state === 'open' && `, vale fino al ${instantInWords(invitation.expiresAt)}`}.
      </p>
      {invitation.state === 'open' && (
        <EndForm
          comune={comune}
          field={{ name: 'invitationId', value: invitation.id }}
          ask={`Ritira l’invito a ${invitation.email}`}
          consequence="L’indirizzo che ha ricevuto per e-mail non aprirà più niente."
          confirm="Ritira l’invito"
          done="Invito ritirato"
          look="secondary"
          action={withdraw}
        />
      )}
    </li>
  )
}

const mealsInWords = ({ action, meals }: Deed): string => {
  const verb = action === 'cancel' ? 'Disdetti' : 'Ripristinati'
  return meals === 1 ? `${verb.slice(0, -1)}o 1 pasto` : `${verb} ${meals} pasti`
}

/** Who did what, newest first: each line leads to its receipt. */
export function DeedsTable({ deeds, comune }: { deeds: Deed[]; comune: string }) {
  if (deeds.length === 0) return <p>Ancora nessuna disdetta in questa famiglia.</p>
  return (
    <Card flush>
      <Table caption="Ultime disdette e ripristini" captionHidden>
        <thead>
          <tr>
            <th scope="col">Quando</th>
            <th scope="col">Chi</th>
            <th scope="col">Che cosa</th>
            <th scope="col">Ricevuta</th>
          </tr>
        </thead>
        <tbody>
          {deeds.map((deed) => (
            <tr key={deed.id}>
              <td className="whitespace-nowrap">{instantInWords(deed.at)}</td>
              <th scope="row" className="font-semibold">
                {deed.by ?? 'L’ufficio mensa'}
              </th>
              <td>
                {mealsInWords(deed)} di {listed(deed.pupilNames)}
              </td>
              <td>
                <Link
                  href={`/${comune}/prenotazioni/ricevute/${deed.id}`}
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
  comune: string
  /** Whether to say whose household it is: there are others. */
  named: boolean
  initial: ComponentProps<typeof InviteForm>['initial']
  actions: { invite: ComponentProps<typeof InviteForm>['action']; revoke: Action; withdraw: Action }
}

/** One household's delegates as its holder manages them. */
export function DelegationSheet({ page, comune, named, initial, actions }: Props) {
  const whose = named ? `, famiglia ${page.householdName}` : ''
  const id = (part: string) => `${part}-${page.householdId}`
  return (
    <div className="grid gap-10 *:min-w-0">
      <section aria-labelledby={id('delegati')}>
        <h2 id={id('delegati')} className="mb-4 text-2xl">
          Chi è delegato{whose}
        </h2>
        {page.delegates.length === 0 ? (
          <p>
            Nessuno, per ora. Con una delega anche l’altro genitore può disdire i pasti, senza vedere niente
            dei pagamenti.
          </p>
        ) : (
          <div className="grid items-start gap-4 lg:grid-cols-2">
            {page.delegates.map((delegate) => (
              <DelegateCard
                key={delegate.memberId}
                delegate={delegate}
                comune={comune}
                revoke={actions.revoke}
              />
            ))}
          </div>
        )}
      </section>
      <div className="grid items-start gap-6 lg:grid-cols-[3fr_2fr]">
        <Card title={`Invita l’altro genitore${whose}`} titleId={id('invita')}>
          <InviteForm
            comune={comune}
            householdId={page.householdId}
            pupils={page.pupils}
            today={page.today}
            initial={initial}
            action={actions.invite}
          />
        </Card>
        <Card title="Che cosa può fare un delegato" titleId={id('diritti')}>
          <RightsList label="Che cosa può fare un delegato" rights={DELEGATE_RIGHTS} />
          <p className="mt-4">
            Vedi qui sotto ogni cambiamento che fa, e puoi revocare la delega in ogni momento: vale subito.
          </p>
        </Card>
      </div>
      {page.invitations.length > 0 && (
        <Card title={`Inviti${whose}`} titleId={id('inviti')}>
          <ul>
            {page.invitations.map((invitation) => (
              <InvitationRow
                key={invitation.id}
                invitation={invitation}
                comune={comune}
                withdraw={actions.withdraw}
              />
            ))}
          </ul>
        </Card>
      )}
      <section aria-labelledby={id('fatti')}>
        <h2 id={id('fatti')} className="mb-4 text-2xl">
          Chi ha fatto che cosa{whose}
        </h2>
        <DeedsTable deeds={page.deeds} comune={comune} />
      </section>
    </div>
  )
}
