import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { formatBalance } from '#lib/words/format-money.ts'
import { italian, plural } from '#lib/words/language.ts'

export type DryRunFacts = {
  households: number
  persons: number
  withEmail: number
  withoutEmail: readonly string[]
  withoutEmailCount: number
  unreached: readonly string[]
  sample: readonly { household: string; adults: readonly string[]; balanceCents: number | null }[]
}

function Names({ summary, names, total }: { summary: string; names: readonly string[]; total: number }) {
  return (
    <details className="mt-3">
      <summary className="min-h-11 py-2 font-semibold text-primary">{summary}</summary>
      <ul className="list-disc ps-5">
        {names.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
      {total > names.length && <p className="mt-1 text-sm text-muted">e altri {total - names.length}.</p>}
    </details>
  )
}

/** What would happen if it went out now: exact numbers, some names, who will not get an e-mail. */
export function DryRunCard({ facts }: { facts: DryRunFacts }) {
  const { households, persons, withEmail, withoutEmailCount, withoutEmail, unreached, sample } = facts
  return (
    <Card title="Prova" titleId="prova">
      {persons === 0 ? (
        <Notice kind="warning" headingLevel="h3" title="Nessun destinatario">
          <p>Con questa scelta non la riceverebbe nessuno.</p>
        </Notice>
      ) : (
        <>
          <p>Se esce adesso, la ricevono</p>
          <p className="text-2xl font-semibold text-ink">
            {italian(plural('{n} persona', '{n} persone'), { n: persons })}
          </p>
          <p>
            di {italian(plural('{n} famiglia', '{n} famiglie'), { n: households })}. Nel portale la trovano
            tutte; per e-mail la ricevono al massimo in {withEmail}: chi ha un indirizzo e vuole le e-mail.
          </p>
          <h3 className="mt-4 text-base">Per esempio</h3>
          <ul className="mt-1 grid gap-1">
            {sample.map((family) => (
              <li key={`${family.household} ${family.adults.join()}`}>
                {family.household}: {family.adults.join(', ')}
                {family.balanceCents !== null && <strong> ({formatBalance(family.balanceCents)})</strong>}
              </li>
            ))}
          </ul>
        </>
      )}
      {withoutEmailCount > 0 && (
        <Names
          summary={`Senza e-mail: ${withoutEmailCount}`}
          names={withoutEmail}
          total={withoutEmailCount}
        />
      )}
      {unreached.length > 0 && (
        <Names
          summary={`Famiglie senza un adulto che la riceva: ${unreached.length}`}
          names={unreached}
          total={unreached.length}
        />
      )}
      <p className="mt-3 text-sm text-muted">Vale per la versione salvata. Non è partito niente.</p>
    </Card>
  )
}
