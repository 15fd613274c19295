import "./ax-questionnaire.js";
