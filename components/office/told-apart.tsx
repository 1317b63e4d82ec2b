import { Card } from '#components/ui/card.tsx'
import { Table } from '#components/ui/table.tsx'
import type { DoubleKind, ToldApart } from '#lib/people/office/told-apart.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { ActForm, type OfficeAction } from './forms/act-form.tsx'

/** Says of two who look like one that they are two. */
export const ApartForm = ({
  hidden,
  action,
}: {
  hidden: Record<string, string | number> & { kind: DoubleKind }
  action: OfficeAction
}) => (
  <Card title="Sono due diversi" titleId="diversi" className="print:hidden">
    <p className="mb-4">
      Se non sono lo stesso, segnalo: escono dall’elenco, finché non cambia un nome, un codice o una data di
      nascita.
    </p>
    <ActForm
      hidden={hidden}
      action={action}
      icon="users"
      label="Sono due diversi"
      fields={[
        { kind: 'line', name: 'reason', label: 'Come lo sai', hint: 'Se vuoi: gemelli, omonimi…', max: 200 },
      ]}
    />
  </Card>
)

const KINDS: Record<DoubleKind, string> = { pupil: 'alunni', person: 'adulti', household: 'famiglie' }

/** The pairs that colleagues have told apart, each with the way back. */
export const ApartList = ({
  municipalitySlug,
  apart,
  action,
}: {
  municipalitySlug: string
  apart: readonly ToldApart[]
  action: OfficeAction
}) => (
  <section aria-labelledby="segnati" className="mt-6 grid grid-cols-1 gap-3">
    <h2 id="segnati" className="text-2xl">
      Segnati come diversi
    </h2>
    <Card flush>
      <Table caption="Segnati come diversi" captionHidden stacks>
        <thead>
          <tr>
            <th scope="col">Chi</th>
            <th scope="col">Segnato</th>
            <th scope="col">Torna indietro</th>
          </tr>
        </thead>
        <tbody>
          {apart.map(({ id, kind, names, toldAt, toldBy, reason }) => (
            <tr key={id}>
              <td>
                {names.join(' e ')}
                <span className="block text-sm text-muted">{KINDS[kind]}</span>
              </td>
              <td>
                {toldBy}, {instantInWords(toldAt)}
                {reason && <span className="block text-sm">{reason}</span>}
              </td>
              <td>
                <ActForm
                  hidden={{ municipalitySlug, id }}
                  action={action}
                  icon="rotate-ccw"
                  label="Togli il segno"
                  title={`Togli il segno a ${names.join(' e ')}`}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  </section>
)
