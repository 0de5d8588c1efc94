import type { Attachment } from 'svelte/attachments';

/** Sets style properties through the object model, which the window's policy allows where an attribute is refused. */
export function place(properties: Record<string, string>): Attachment<HTMLElement | SVGElement> {
  return (element) => {
    for (const [name, value] of Object.entries(properties)) element.style.setProperty(name, value);
  };
}
