import { Notice } from '#components/ui/notice.tsx'
import type { WaitingChild } from '#lib/school/diet.ts'
import { useWords } from '#words'

/** Tells a family that the office has not decided a diet, and what its child eats meanwhile. Drawn by the server alone. */
export function WaitingDiets({ diets }: { diets: readonly WaitingChild[] }) {
  const t = useWords()
  return diets.map(({ pupilId, givenName, asked }) => (
    <Notice key={pupilId} kind="warning" title={t('La dieta di {name} è da decidere', { name: givenName })}>
      <p>
        {asked
          ? t(
              'L’ufficio non ha ancora deciso sulla nuova richiesta. La dieta di adesso resta, e la cucina chiede prima di servire.',
            )
          : t('L’ufficio non ha ancora deciso. Fino ad allora la cucina lo sa e chiede prima di servire.')}
      </p>
    </Notice>
  ))
}
