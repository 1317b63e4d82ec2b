import { Field, SelectField } from '#components/ui/field.tsx'
import { LONGEST_CLASS, type NamedClass } from '#lib/school/office/class-choice.ts'

type Props = {
  name: string
  label: string
  hint?: string
  /** What stands for no class. */
  none: string
  /** Null: they are too many to choose from, and one is written. */
  classes: readonly NamedClass[] | null
  error?: string | undefined
  defaultValue?: string
}

/** A class: chosen from a list or, in a town of thousands, written with its school. */
export const ClassField = ({ classes, none, hint, ...field }: Props) =>
  classes ? (
    <SelectField {...field} {...(hint ? { hint } : {})}>
      <option value="">{none}</option>
      {classes.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
  ) : (
    <Field
      {...field}
      hint={`${hint ? `${hint} ` : ''}Scrivi la classe e la scuola, come «3A Collodi». Vuota: ${none.toLowerCase().replace('…', '')}.`}
      maxLength={LONGEST_CLASS}
      autoComplete="off"
    />
  )
