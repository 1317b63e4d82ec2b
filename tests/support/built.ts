import { build, isBuilt } from '#scripts/build.ts'

/** Before the files of a project start, side by side: the site that they all run, built once from the sources as they are. */
export default async function setup(): Promise<void> {
  if (isBuilt()) return
  console.log('Building the site…')
  await build({ quiet: true })
}
