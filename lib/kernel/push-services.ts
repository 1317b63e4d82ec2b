/** Hosts of the browsers' push services: Chrome, Edge and others; Firefox; Safari; Edge on Windows. */
export const KNOWN_PUSH_SERVICES =
  'fcm.googleapis.com *.push.services.mozilla.com *.push.apple.com *.notify.windows.com'
