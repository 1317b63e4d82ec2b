import { Icon } from '#components/ui/icon.tsx'
import { useWords } from '#words'

/** A demonstration must not be taken for the real canteen, on any page. */
export function DemoBanner() {
  const t = useWords()
  return (
    <aside
      aria-label={t('Dimostrazione')}
      data-surface
      className="bg-warning-light text-warning print:hidden"
    >
      <p className="container-page flex items-center gap-2 py-2 text-sm font-semibold">
        <Icon name="info" />
        {t('Portale dimostrativo: è tutto inventato.')}
      </p>
    </aside>
  )
}
