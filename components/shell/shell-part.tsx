import type { ComponentProps } from 'react'
import { HelpStrip } from './help-strip.tsx'
import { NotInMunicipality, NotInPortal } from './not-found-pages.tsx'
import { ShellHead } from './shell-head.tsx'
import { SiteFooter } from './site-footer.tsx'

type Props =
  | ({ part: 'head' } & ComponentProps<typeof ShellHead>)
  | ({ part: 'foot' } & ComponentProps<typeof SiteFooter>)
  | ({ part: 'help' } & ComponentProps<typeof HelpStrip>)
  | ({ part: 'not-in-municipality' } & ComponentProps<typeof NotInMunicipality>)
  | ({ part: 'not-in-portal' } & ComponentProps<typeof NotInPortal>)

/** One of the parts around every page of a municipality. They are one component, because every page loads its name. */
export default function ShellPart(props: Props) {
  switch (props.part) {
    case 'head':
      return <ShellHead {...props} />
    case 'foot':
      return <SiteFooter {...props} />
    case 'help':
      return <HelpStrip {...props} />
    case 'not-in-municipality':
      return <NotInMunicipality {...props} />
    case 'not-in-portal':
      return <NotInPortal {...props} />
  }
}
