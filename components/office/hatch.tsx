import { Card } from '#components/ui/card.tsx'
import type { HatchClass, HatchDiet } from '#lib/kitchen/hatch.ts'
import { plateInWords } from '#lib/kitchen/hatch.words.ts'

/** Each class with its plates: how many are common, and whose are not. */
export function HatchClasses({ classes }: { classes: readonly HatchClass[] }) {
  return (
    <div className="mt-6 grid items-start gap-6 lg:grid-cols-2">
      {classes.map(({ serviceName, className, meals, common, pupils }) => (
        <Card
          key={`${serviceName} ${className}`}
          title={`${className}: ${meals} ${meals === 1 ? 'pasto' : 'pasti'}`}
          titleId={`classe-${`${serviceName}-${className}`.replace(/\W+/g, '-')}`}
        >
          <p>
            {serviceName}. Dieta comune: {common}
          </p>
          {pupils.length > 0 && (
            <ul className="mt-3">
              {pupils.map((pupil) => (
                <li
                  key={pupil.pupilId}
                  className="grid grid-cols-[8rem_1fr] gap-x-4 border-t border-line py-2 text-lg"
                >
                  <strong className="text-ink">{pupil.dietCode}</strong>
                  <span>
                    {pupil.familyName} {pupil.givenName}
                    {plateInWords(pupil) && (
                      <strong className="block text-base text-danger">{plateInWords(pupil)}</strong>
                    )}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Card>
      ))}
    </div>
  )
}

/** What the codes on the page mean. */
export function HatchLegend({ diets }: { diets: readonly HatchDiet[] }) {
  if (diets.length === 0) return null
  return (
    <div className="mt-6">
      <Card title="Che cosa vogliono dire i codici" titleId="codici">
        <dl className="grid gap-2">
          {diets.map(({ code, name, legend }) => (
            <div key={code} className="grid gap-x-4 sm:grid-cols-[8rem_1fr]">
              <dt className="font-semibold text-ink">{code}</dt>
              <dd>
                {name}
                {legend && <span className="block text-muted">{legend}</span>}
              </dd>
            </div>
          ))}
        </dl>
      </Card>
    </div>
  )
}
