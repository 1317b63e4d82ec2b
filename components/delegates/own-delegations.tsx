import type { ComponentProps } from 'react'
import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import { OWN_RIGHTS, type OwnDelegation } from '#lib/people/delegate.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { plural } from '#lib/words/language.ts'
import { listInWords } from '#lib/words/list.ts'
import { useWords } from '#words'
import { EndForm } from './end-form.tsx'
import { RightsList } from './rights-list.tsx'

/** What the reader may do for another household, and how to give it up. */
export function OwnDelegations({
  delegations,
  municipalitySlug,
  leave,
}: {
  delegations: OwnDelegation[]
  municipalitySlug: string
  leave: ComponentProps<typeof EndForm>['action']
}) {
  const t = useWords()
  return (
    <section aria-labelledby="le-mie-deleghe">
      <h2 id="le-mie-deleghe" className="mb-4 text-2xl">
        {t(plural('La tua delega', 'Le tue deleghe'), { n: delegations.length })}
      </h2>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        {delegations.map((delegation) => (
          <Card
            key={delegation.memberId}
            title={t('Famiglia {name}', { name: delegation.householdName })}
            titleId={`delega-${delegation.memberId}`}
            headingLevel="h3"
          >
            <DataList
              items={[
                { term: t('Te l’ha data'), value: delegation.holderName || t('L’ufficio mensa') },
                { term: t('Per'), value: listInWords(delegation.pupilNames, t.language) },
                {
                  term: t('Vale'),
                  value: delegation.until
                    ? t('dal {since} al {until} compreso', {
                        since: numericDay(delegation.since, t.language),
                        until: numericDay(delegation.until, t.language),
                      })
                    : t('dal {since}', { since: numericDay(delegation.since, t.language) }),
                },
              ]}
            />
            <h4 className="mt-5 mb-2 font-semibold text-ink">{t('Un delegato')}</h4>
            <RightsList label={t('Che cosa puoi fare con questa delega')} rights={OWN_RIGHTS} />
            <div className="mt-4">
              <EndForm
                municipalitySlug={municipalitySlug}
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
