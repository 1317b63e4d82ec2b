import { Button } from '#components/ui/button.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Choice, ChoiceGroup, Field, SelectField } from '#components/ui/field.tsx'
import { ALL_SCHOOLS } from '#lib/school/office/closure.address.ts'
import { KIND_NAMES } from '#lib/school/office/closure.words.ts'

export type ClosureTyped = { giorno: string; scuola: string; tipo: string; motivo: string }

/** First step: which day, which school, why. A plain form whose answer is the preview at its own address. */
export function ClosureForm({
  path,
  schools,
  typed,
  problems,
}: {
  path: string
  schools: { id: string; name: string }[]
  typed: ClosureTyped
  problems: Record<string, string>
}) {
  return (
    <form action={path} noValidate className="grid max-w-2xl gap-6">
      <ErrorSummary fields={problems} />
      <Field
        label="Giorno"
        name="giorno"
        type="date"
        defaultValue={typed.giorno}
        error={problems.giorno}
        className="max-w-60"
      />
      <SelectField
        label="Scuola"
        name="scuola"
        defaultValue={typed.scuola || ALL_SCHOOLS}
        error={problems.scuola}
      >
        <option value={ALL_SCHOOLS}>Tutte le scuole</option>
        {schools.map((school) => (
          <option key={school.id} value={school.id}>
            {school.name}
          </option>
        ))}
      </SelectField>
      <ChoiceGroup legend="Perché la mensa non c’è" name="tipo" error={problems.tipo}>
        {Object.entries(KIND_NAMES).map(([kind, name], index) => (
          <Choice
            key={kind}
            id={index === 0 ? 'tipo' : `tipo-${kind}`}
            name="tipo"
            value={kind}
            label={name}
            defaultChecked={typed.tipo === kind}
          />
        ))}
      </ChoiceGroup>
      <Field
        label="Motivo"
        hint="Le famiglie lo leggono nel calendario. Per esempio: “Sciopero del personale scolastico”."
        name="motivo"
        maxLength={200}
        defaultValue={typed.motivo}
        error={problems.motivo}
      />
      <div>
        <Button icon="eye">Mostra l’anteprima</Button>
      </div>
    </form>
  )
}
