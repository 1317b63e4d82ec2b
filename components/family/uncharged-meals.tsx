import { plural } from '#lib/words/language.ts'
import { useWords } from '#words'

/** Meals that the kitchen counted and whose charge is still to come: the balance does not know them yet. */
export function UnchargedMeals({ meals }: { meals: number }) {
  const t = useWords()
  if (meals === 0) return null
  return (
    <p>
      {t(
        plural(
          '{n} pasto già contato dalla cucina non è ancora tra i movimenti: l’addebito arriva fra poco.',
          '{n} pasti già contati dalla cucina non sono ancora tra i movimenti: l’addebito arriva fra poco.',
        ),
        { n: meals },
      )}
    </p>
  )
}
