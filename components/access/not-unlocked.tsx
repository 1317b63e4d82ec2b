import { Notice } from '#components/ui/notice.tsx'

/** One sentence for a wrong sequence, a forgotten device and a stranger's cookie: it tells nobody which. */
export const NotUnlocked = () => (
  <Notice kind="error" live title="Non ti abbiamo fatto entrare">
    <p>
      La sequenza non è quella giusta, oppure questo dispositivo non è più tra quelli che ricordiamo. Dopo
      cinque sequenze sbagliate si entra solo con SPID o CIE.
    </p>
  </Notice>
)
