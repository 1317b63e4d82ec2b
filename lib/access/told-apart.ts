/** A household of a person who has more than one, with what may tell it from the others. */
export type NamedHousehold = {
  id: string
  name: string
  children: readonly { givenName: string; className: string | null }[]
}

type Form<T> = (item: T) => string

/** The first form in which an item is like no other; the last one where every form is. */
function toldApart<T extends { id: string }>(
  items: readonly T[],
  forms: readonly Form<T>[],
): Map<string, string> {
  const isOwn = (item: T, form: Form<T>) =>
    items.every((other) => other.id === item.id || form(other) !== form(item))
  const last = forms.at(-1) as Form<T>
  return new Map(items.map((item) => [item.id, (forms.find((form) => isOwn(item, form)) ?? last)(item)]))
}

const withClass = ({ givenName, className }: NamedHousehold['children'][number]): string =>
  className ? `${givenName}, ${className}` : givenName

/** A household without children (its pupils went to another one by a merge) has its name alone. */
const beside = (name: string, children: string): string => (children ? `${name} (${children})` : name)

/** The name of each household: with its children where another has the same name, with their classes where the children have too. */
export const householdNames = (households: readonly NamedHousehold[]): Map<string, string> =>
  toldApart(households, [
    ({ name }) => name,
    ({ name, children }) => beside(name, children.map(({ givenName }) => givenName).join(', ')),
    ({ name, children }) => beside(name, children.map(withClass).join('; ')),
  ])

/** A child of a person, in one of their households. */
export type NamedChild = { id: string; givenName: string; familyName: string; birthDay: string }

/** The name of each child: the given name, with the surname or the year of birth where another child has the same. */
export const childNames = (children: readonly NamedChild[]): Map<string, string> =>
  toldApart(children, [
    ({ givenName }) => givenName,
    ({ givenName, familyName }) => `${givenName} ${familyName}`,
    ({ givenName, familyName, birthDay }) => `${givenName} ${familyName} (${birthDay.slice(0, 4)})`,
  ])
