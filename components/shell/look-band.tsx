import { Button } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { FamilyLook } from '#lib/access/viewer.ts'
import { timeInRome } from '#lib/words/format-day.ts'
import type { Words } from '#lib/words/language.ts'

type Props = { municipalitySlug: string; holderName: string; look: FamilyLook; t: Words }

/** A colleague who looks at the portal as a family must not take it for the own, on any page. */
export function LookBand({ municipalitySlug, holderName, look, t }: Props) {
  return (
    <aside
      aria-label={t('Vedi come la famiglia')}
      data-surface
      className="sticky top-0 z-30 bg-warning-light text-warning print:hidden"
    >
      <div className="container-page flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2 text-sm">
        <p className="flex items-center gap-2 font-semibold">
          <Icon name="eye" />
          <span>
            {t(
              'Vedi il portale come {name}, famiglia {household}: sola lettura, fino alle {time}. La famiglia lo legge nel suo registro.',
              { name: holderName, household: look.householdName, time: timeInRome(new Date(look.until)) },
            )}
          </span>
        </p>
        <form method="post" action={`/api/${municipalitySlug}/vista`}>
          <Button look="secondary">{t('Termina')}</Button>
        </form>
      </div>
    </aside>
  )
}
