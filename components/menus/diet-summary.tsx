import { Said } from '#components/language/said.tsx'
import type { DayMenu } from '#lib/menus/day-menu.ts'
import { fill } from '#lib/words/fill.ts'
import { written } from '#lib/words/written.ts'
import { useWords } from '#words'

/**
 * What a child with a diet finds in place of what, in one sentence. Only what is written: that a dish is not named is no
 * promise, and the sentence says so.
 * @param diet its name for the holder, its code for a delegate
 */
export function DietSummary({ name, diet, menu }: { name: string; diet: string; menu: DayMenu }) {
  const t = useWords()
  if (menu.kind !== 'served') return null
  const replaced = menu.lines.flatMap(({ dish, forDiet }) =>
    forDiet.kind === 'instead' ? [{ id: dish.id, dish: dish.name, instead: forDiet.dish.name }] : [],
  )
  const toAsk = menu.lines.filter(({ forDiet }) => forDiet.kind === 'ask').map(({ dish }) => dish.name)
  return (
    <div className="grid gap-1">
      <p>
        {replaced.length === 0 ? (
          <Said
            text={t('Per {name}, dieta {diet}: oggi nel menù non ci sono sostituzioni scritte.', {
              name,
              diet: written(diet),
            })}
          />
        ) : (
          fill(t('Per {name}, dieta {diet}: {replacements}.'), {
            name,
            diet: (
              <span key="diet" lang="it">
                {diet}
              </span>
            ),
            replacements: (
              <strong key="replacements">
                <Said
                  text={replaced
                    .map(({ dish, instead }) =>
                      t('{instead} al posto di {planned}', {
                        instead: written(instead),
                        planned: written(dish),
                      }),
                    )
                    .join('; ')}
                />
              </strong>
            ),
          })
        )}
      </p>
      {toAsk.length > 0 && (
        <p className="font-semibold text-warning">
          <Said
            text={t('Da chiedere al gestore: che cosa mangia al posto di {dishes}.', {
              dishes: written(toAsk.join(', ')),
            })}
          />
        </p>
      )}
    </div>
  )
}
