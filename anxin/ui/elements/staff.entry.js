import "./ax-countdown.js";
import "./ax-live.js";
import "./ax-sound.js";
import "./ax-keys.js";
import "./ax-dialog.js";
import "./ax-toast.js";
import "./ax-draft.js";
import "./ax-settings.js";
import "./ax-copy.js";
import "./ax-print.js";
import "./ax-refresh.js";
import "./ax-note.js";
import { forgetOnSignOut } from "./device-box.js";
import { focusErrors, whenReady } from "./page.js";

whenReady(focusErrors);
forgetOnSignOut();
