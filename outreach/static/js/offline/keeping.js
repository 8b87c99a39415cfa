// Keeps a form as a draft at each keystroke: saves at once, and once more when something was typed meanwhile. So at any
// moment the draft is at most one keystroke behind, and a slow phone does not pile up saves.

import * as drafts from "./drafts.js";
import { readFields } from "./fields.js";
import { notice, text } from "./texts.js";

export class Keeper {
  /** `draft`: {id, person, step, reference, path, seen}; `dayKey` when the visits are unlocked. */
  constructor(form, draft, dayKey) {
    Object.assign(this, { form, draft, dayKey, touched: false, saving: null, stopped: false, warned: null });
    this.touch = () => this.note();
    this.leave = () => { if (this.touched) this.note(); };
    form.addEventListener("input", this.touch);
    form.addEventListener("change", this.touch);
    window.addEventListener("pagehide", this.leave);
    document.addEventListener("visibilitychange", this.leave);
  }

  note() {
    if (this.stopped) return;
    delete this.form.dataset.kept;
    this.touched = true;
    this.saving ??= this.saveAll();
  }

  async saveAll() {
    while (this.touched && !this.stopped) {
      this.touched = false;
      await this.save("unfinished").catch(() => {});
    }
    this.saving = null;
  }

  /** Keep the form as it is now; throws, and says so, when the phone cannot. */
  async save(state) {
    try {
      await drafts.keep({ ...this.draft, fields: readFields(this.form), state }, this.dayKey);
      this.form.dataset.kept = state;
      this.warned?.remove();
      this.warned = null;
    } catch (fault) {
      delete this.form.dataset.kept;
      const words = fault.name === "QuotaExceededError" ? "no-room" : "not-kept";
      this.warned ??= notice("late", "warning", text(words));
      throw fault;
    }
  }

  /** No more typing: keep it in this state. Throws when it could not be kept; then one can go on typing. */
  async finish(state) {
    this.stopped = true;
    await this.saving;
    try {
      await this.save(state);
    } catch (fault) {
      this.stopped = false;
      throw fault;
    }
  }

  /** Go on typing after all. */
  resume() {
    this.stopped = false;
  }

  /** Leave the form alone. */
  end() {
    this.stopped = true;
    this.form.removeEventListener("input", this.touch);
    this.form.removeEventListener("change", this.touch);
    window.removeEventListener("pagehide", this.leave);
    document.removeEventListener("visibilitychange", this.leave);
  }
}
