import { Choice, ChoiceGroup, Field } from '#components/ui/field.tsx'
import { ROLES_WITHOUT_PLACE, type RolePlaces } from '#lib/people/office/colleague.ts'
import { STAFF_ROLE_DUTIES, STAFF_ROLE_NAMES } from '#lib/people/office/colleague.words.ts'
import { listInWords } from '#lib/words/list.ts'

type Typed = Readonly<Record<string, string>>

/** Which roles are given, for which schools and classes, and from when to when. */
export function RoleChoices({ places, typed, errors }: { places: RolePlaces; typed: Typed; errors: Typed }) {
  const chosen = (typed['roles[]'] ?? '').split(',')
  return (
    <>
      <ChoiceGroup name="roles" legend="Ruoli" hint="Anche più di uno." error={errors.roles}>
        {ROLES_WITHOUT_PLACE.map((role, index) => (
          <Choice
            key={role}
            // The summary of what is missing leads to the first one.
            id={index === 0 ? 'roles' : `roles-${role}`}
            type="checkbox"
            name="roles[]"
            value={role}
            label={
              role === 'kitchen' ? `${STAFF_ROLE_NAMES.kitchen}, per tutte le scuole` : STAFF_ROLE_NAMES[role]
            }
            hint={STAFF_ROLE_DUTIES[role]}
            defaultChecked={chosen.includes(role)}
          />
        ))}
      </ChoiceGroup>
      {places.kitchens.length > 0 && <KitchenRoles kitchens={places.kitchens} chosen={chosen} />}
      {places.schools.map((school) => (
        <SchoolRoles key={school.id} school={school} chosen={chosen} />
      ))}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          name="from"
          type="date"
          label="Da quando"
          error={errors.from}
          defaultValue={typed.from ?? ''}
          className="max-w-60"
        />
        <Field
          name="to"
          type="date"
          label="Ultimo giorno (facoltativo)"
          hint="Senza, vale finché non lo togli."
          error={errors.to}
          defaultValue={typed.to ?? ''}
          className="max-w-60"
        />
      </div>
    </>
  )
}

/** The role for one kitchen: of the schools that it serves, whichever they are on a day. */
function KitchenRoles({ kitchens, chosen }: Pick<RolePlaces, 'kitchens'> & { chosen: readonly string[] }) {
  const all = kitchens.map(({ id, name, serves }) => ({
    value: `kitchen:${id}`,
    label: name,
    hint:
      serves.length > 0
        ? `Vede i pasti delle scuole che serve in quel giorno. Oggi: ${listInWords(serves, 'it')}.`
        : 'Vede i pasti delle scuole che serve in quel giorno. Oggi non ne serve nessuna.',
  }))
  return (
    <details open={all.some(({ value }) => chosen.includes(value))}>
      <summary className="min-h-11 py-2 font-semibold text-primary">Solo per una cucina</summary>
      <div className="grid gap-2 pt-2">
        <ChoiceGroup name="roles-kitchens" legend={`${STAFF_ROLE_NAMES.kitchen}, per le scuole che serve`}>
          <PlacedChoices all={all} chosen={chosen} />
        </ChoiceGroup>
      </div>
    </details>
  )
}

type Placed = { value: string; label: string; hint: string }

const PlacedChoices = ({ all, chosen }: { all: readonly Placed[]; chosen: readonly string[] }) =>
  all.map(({ value, label, hint }) => (
    <Choice
      key={value}
      id={`roles-${value}`}
      type="checkbox"
      name="roles[]"
      value={value}
      label={label}
      hint={hint}
      defaultChecked={chosen.includes(value)}
    />
  ))

/** The roles for one school and for its classes, folded: most colleagues have none of them. */
function SchoolRoles({
  school,
  chosen,
}: {
  school: RolePlaces['schools'][number]
  chosen: readonly string[]
}) {
  const ofSchool = (['school_office', 'kitchen'] as const).map((role) => ({
    value: `${role}:${school.id}`,
    label: STAFF_ROLE_NAMES[role],
    hint: STAFF_ROLE_DUTIES[role],
  }))
  const ofClasses = school.classes.map(({ id, name, year }) => ({
    value: `teacher:${id}`,
    label: `${STAFF_ROLE_NAMES.teacher} della classe ${name}`,
    hint: `Anno ${year}`,
  }))
  const all = [...ofSchool, ...ofClasses]
  return (
    <details open={all.some(({ value }) => chosen.includes(value))}>
      <summary className="min-h-11 py-2 font-semibold text-primary">
        Solo per {school.name}: segreteria, cucina, insegnanti
      </summary>
      <div className="grid gap-2 pt-2">
        <ChoiceGroup name={`roles-${school.id}`} legend={`Ruoli solo per ${school.name}`}>
          <PlacedChoices all={all} chosen={chosen} />
        </ChoiceGroup>
      </div>
    </details>
  )
}
