/** What the polite live region says next. */
class Announcer {
  text = $state('');

  say(text: string): void {
    this.text = '';
    queueMicrotask(() => { this.text = text; });
  }
}

export const announcer = new Announcer();
export const announce = (text: string): void => announcer.say(text);
