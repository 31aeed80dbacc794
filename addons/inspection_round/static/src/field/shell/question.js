import { Component, useState } from "@odoo/owl";

/** A question to the person, above everything. */
export class Question extends Component {
    static template = "inspection_round.FieldQuestion";
    static props = { question: Object };

    setup() {
        this.state = useState({ text: "" });
    }

    confirm() {
        const { question } = this.props;
        question.done(question.input ? this.state.text.trim() : true);
    }
}
