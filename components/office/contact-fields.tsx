import type { ChangeEvent } from 'react'
import { Choice, ChoiceGroup, Field } from '#components/ui/field.tsx'
import { CONTACTS, type Contact, LONGEST_NOTE } from '#lib/meals/meal-contact.ts'
import { CONTACT_FIELD, NOTE_FIELD } from '#lib/meals/office/on-behalf.address.ts'

const LABELS: Readonly<Record<Contact, string>> = {
  phone: 'Al telefono',
  desk: 'Allo sportello',
  mail: 'Per e-mail',
}

/** How a family asks the office for a change of meals, and what the colleague notes of it. */
export function ContactFields({
  onChange,
}: {
  onChange?: (field: 'contact' | 'note', value: string) => void
}) {
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <ChoiceGroup legend="Come lo chiede la famiglia" name={CONTACT_FIELD}>
        <div className="flex flex-wrap gap-x-6">
          {Object.entries(CONTACTS).map(([contact, word]) => (
            <Choice
              key={word}
              id={`${CONTACT_FIELD}-${word}`}
              name={CONTACT_FIELD}
              value={word}
              label={LABELS[contact as Contact]}
              defaultChecked={contact === 'phone'}
              {...(onChange ? { onChange: () => onChange('contact', word) } : {})}
            />
          ))}
        </div>
      </ChoiceGroup>
      <Field
        name={NOTE_FIELD}
        label="Nota (facoltativa)"
        hint="La famiglia la legge sulla ricevuta: per esempio chi ha chiamato."
        maxLength={LONGEST_NOTE}
        autoComplete="off"
        {...(onChange
          ? {
              onChange: (event: ChangeEvent<HTMLInputElement>) => onChange('note', event.currentTarget.value),
            }
          : {})}
      />
    </div>
  )
}
