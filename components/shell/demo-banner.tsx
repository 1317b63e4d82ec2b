import { Icon } from '#components/ui/icon.tsx'

/** Nobody must take the demonstration for the real canteen, on any page. */
export function DemoBanner() {
  return (
    <aside aria-label="Dimostrazione" data-surface className="bg-warning-light text-warning print:hidden">
      <p className="container-page flex items-center gap-2 py-2 text-sm font-semibold">
        <Icon name="info" />
        Portale dimostrativo: è tutto inventato.
      </p>
    </aside>
  )
}
