'use client'

import { type ComponentType, lazy, useState } from 'react'
import drawnPart from '#drawn/ui/drawn-part.tsx'
import { useHydrated } from './use-hydrated.ts'

/**
 * A part of a page with nothing for a script to do: headings, lists, links, forms that the browser sends by itself. The server
 * draws it from its props; none of its elements travels a second time in the payload, and the first load has no code for it.
 * That code is loaded when the part is to change without a new page, and on a page that the browser draws by itself.
 * No component below it may have state or handlers: until then nothing of it is alive.
 * @param drawn the component, from `#drawn/…`: undefined in the browser (next.config.mjs)
 * @param load the same component, from its file
 */
export const withoutHydration = <Props extends object>(
  drawn: ComponentType<Props> | undefined,
  load: () => Promise<{ default: ComponentType<Props> }>,
): ComponentType<Props> =>
  drawn ? drawnPart(drawn) : partInBrowser(lazy(load) as unknown as ComponentType<Props>)

/** React hydrates an element that has this without a look at what is inside: what the server drew stays. */
const AS_DRAWN = { suppressHydrationWarning: true, dangerouslySetInnerHTML: { __html: '' } }

/** The part as it was drawn, until its props change. They are plain data, compared as JSON. */
const partInBrowser =
  <Props extends object>(Loaded: ComponentType<Props>): ComponentType<Props> =>
  (props) => {
    const isDrawnHere = useHydrated()
    const [drawnFrom, setDrawnFrom] = useState(isDrawnHere ? null : JSON.stringify(props))
    if (drawnFrom === null) return <Loaded {...props} />
    if (drawnFrom !== JSON.stringify(props)) setDrawnFrom(null)
    return <div className="contents" {...AS_DRAWN} />
  }
