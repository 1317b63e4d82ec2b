import type { ComponentProps } from 'react'
import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import { numericDay } from '#lib/day.ts'
import { DELEGATE_RIGHTS, type OwnDelegation } from '#lib/delegates/delegate.ts'
import { useWords } from '#words'
import { EndForm } from './end-form.tsx'
import { RightsList } from './rights-list.tsx'

const listed = (names: readonly string[]): string =>
  new Intl.ListFormat('it', { type: 'conjunction' }).format(names)

/** The rights as the delegate reads them, who is "you" there and "the holder" here. */
const OWN_RIGHTS = DELEGATE_RIGHTS.map(({ may, what }) => ({
  may,
  what: what
    .replace('che hai scelto', 'elencati sopra')
    .replace(
      'il tuo indirizzo, la tua e-mail e il tuo telefono',
      'indirizzo, e-mail e telefono dell’intestatario',
    ),
}))

/** What the reader may do for somebody else's household, and how to give it up. */
export function OwnDelegations({
  delegations,
  comune,
  leave,
}: {
  delegations: OwnDelegation[]
  comune: string
  leave: ComponentProps<typeof EndForm>['action']
}) {
  const t = useWords()
  return (
    <section aria-labelledby="le-mie-deleghe">
      <h2 id="le-mie-deleghe" className="mb-4 text-2xl">
        {delegations.length === 1 ? t('La tua delega') : t('Le tue deleghe')}
      </h2>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        {delegations.map((delegation) => (
          <Card
            key={delegation.memberId}
            title={`Famiglia ${delegation.householdName}`}
            titleId={`delega-${delegation.memberId}`}
            headingLevel="h3"
          >
            <DataList
              items={[
                { term: 'Te l’ha data', value: delegation.holderName || 'L’ufficio mensa' },
                { term: 'Per', value: listed(delegation.pupilNames) },
                {
                  term: 'Vale',
                  value: `dal ${numericDay(delegation.since, t.language)}${delegation.until ? ` al ${numericDay(delegation.until, t.language)} compreso` : ''}`,
                },
              ]}
            />
            <h4 className="mt-5 mb-2 font-semibold text-ink">{t('Un delegato')}</h4>
            <RightsList label={t('Che cosa puoi fare con questa delega')} rights={OWN_RIGHTS} />
            <div className="mt-4">
              <EndForm
                comune={comune}
                field={{ name: 'memberId', value: delegation.memberId }}
                ask={t('Rinuncia alla delega')}
                consequence={t(
                  'Da subito non vedrai più il calendario di questa famiglia. Per tornare serve un nuovo invito.',
                )}
                confirm={t('Rinuncia adesso')}
                done={t('Hai rinunciato alla delega')}
                action={leave}
              />
            </div>
          </Card>
        ))}
      </div>
    </section>
  )
}
