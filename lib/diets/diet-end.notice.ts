import type { Said } from '#lib/notifications/notification.ts'
import { COMMON_DIET } from '#lib/school/diet.ts'
import { longDate } from '#lib/words/format-day.ts'
import type { Words } from '#lib/words/language.ts'
import type { EndingDiet } from './diet-end.ts'

/** What a family reads before a diet ends: no name and no diet, because it goes by e-mail too. */
export const dietEndNotice = ({ lastDay, nextDietCode }: EndingDiet, t: Words): Said => ({
  title: t('La dieta di un tuo figlio finisce il {day}', { day: longDate(lastDay, t.language) }),
  text:
    nextDietCode === COMMON_DIET
      ? t(
          'Dal giorno dopo la cucina prepara la dieta comune. Se la dieta serve ancora, manda adesso una nuova richiesta dai Moduli online.',
        )
      : t(
          'Dal giorno dopo la dieta è da decidere e la cucina chiede prima di servire. Se la dieta serve ancora, manda adesso una nuova richiesta dai Moduli online.',
        ),
})
