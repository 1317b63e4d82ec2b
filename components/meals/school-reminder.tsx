import { Notice } from '#components/ui/notice.tsx'

/** The portal tells the kitchen; the school is told by the family. */
export const SchoolReminder = () => (
  <Notice title="Avvisa anche la scuola">
    <p>
      In caso di assenza è comunque necessario informare la scuola con il{' '}
      <strong>quadernino degli avvisi</strong>.
    </p>
  </Notice>
)
