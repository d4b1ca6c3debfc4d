/** Sides of a picture in a conversation, in rem, so that they grow with the text. */
const LARGEST = 16
const SMALLEST = 5.5
const PX_PER_REM = 16

export type PictureBox = Readonly<{
  /** rem */
  width: number
  height: number
  /** What is seen of it: all, or its beginning (of a tall one) or middle (of a wide one). */
  shows: 'all' | 'top' | 'middle'
}>

/** Room for a picture of so many px before it is there. One that would become a strip is cut: it opens whole. */
export function pictureBox(width: number | null, height: number | null): PictureBox {
  if (!width || !height) return { width: LARGEST, height: (LARGEST * 3) / 4, shows: 'all' }
  const scale = Math.min(LARGEST / Math.max(width, height), 1 / PX_PER_REM)
  const fitted = { width: width * scale, height: height * scale }
  const box = { width: Math.max(SMALLEST, fitted.width), height: Math.max(SMALLEST, fitted.height) }
  const whole = Math.max(fitted.width, fitted.height) <= SMALLEST || isNear(box.width / box.height, width / height)
  return { ...box, shows: whole ? 'all' : height > width ? 'top' : 'middle' }
}

const isNear = (a: number, b: number): boolean => Math.abs(a - b) < 0.01 * b

/** More than so many times as long as it is wide, a picture is looked at piece by piece. */
const STRIP = 3

/** How a picture is looked at that would be a thin line if all of it were on the screen. */
export const stripOf = (width: number | null, height: number | null): 'tall' | 'wide' | undefined =>
  !width || !height ? undefined : height > width * STRIP ? 'tall' : width > height * STRIP ? 'wide' : undefined
