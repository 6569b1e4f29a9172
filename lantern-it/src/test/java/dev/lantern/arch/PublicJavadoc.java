package dev.lantern.arch;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Finds public declarations that say nothing. javac's doclint asks for {@code @param} and {@code @return} as well,
 * which here may be left out where they would only restate a name; so the question is asked anew: is there a
 * comment, and does it begin with a sentence?
 *
 * <p>Left alone are overriding methods (they inherit the comment), enum constants (often the name is all there is to
 * say) and what a record declares by itself.
 */
final class PublicJavadoc {
    private final List<String> undocumented = new ArrayList<>();
    private int documented;

    /** Reads every source of an exported package. */
    static PublicJavadoc of(List<Path> sources) {
        PublicJavadoc javadoc = new PublicJavadoc();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources));
            Trees trees = Trees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                javadoc.new Scanner(trees).scan(new TreePath(unit), null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return javadoc;
    }

    List<String> undocumented() {
        return undocumented;
    }

    int documented() {
        return documented;
    }

    private final class Scanner extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final Trees trees;

        private Scanner(Trees trees) {
            this.trees = trees;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void none) {
            if (!isOffered(type.getModifiers())) {
                return null;
            }
            judge(type.getSimpleName());
            return super.visitClass(type, null);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void none) {
            boolean overrides = method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation ->
                            annotation.getAnnotationType().toString().equals("Override"));
            boolean ofRecord =
                    parent().getKind() == Kind.RECORD && method.getName().contentEquals("<init>");
            if (isOffered(method.getModifiers()) && !overrides && !ofRecord) {
                judge(method.getName() + "(" + method.getParameters().size() + ")");
            }
            return null;
        }

        @Override
        public @Nullable Void visitVariable(VariableTree field, @Nullable Void none) {
            boolean component = parent().getKind() == Kind.RECORD
                    && !field.getModifiers().getFlags().contains(Modifier.STATIC);
            boolean constant = parent().getKind() == Kind.ENUM && isEnumConstant(field);
            if (isOffered(field.getModifiers()) && !component && !constant) {
                judge(field.getName());
            }
            return null;
        }

        /** The parser gives an enum constant the type of its enum and makes it public, static and final. */
        private boolean isEnumConstant(VariableTree field) {
            return field.getType() instanceof IdentifierTree type
                    && type.getName().equals(((ClassTree) parent()).getSimpleName())
                    && field.getModifiers().getFlags().containsAll(EnumSet.of(Modifier.STATIC, Modifier.FINAL));
        }

        private void judge(CharSequence name) {
            String comment = trees.getDocComment(getCurrentPath());
            if (comment == null || comment.isBlank() || comment.strip().startsWith("@")) {
                undocumented.add(where() + " " + name);
            } else {
                documented++;
            }
        }

        private boolean isOffered(ModifiersTree modifiers) {
            Kind around = parent().getKind();
            return modifiers.getFlags().contains(Modifier.PUBLIC)
                    || modifiers.getFlags().contains(Modifier.PROTECTED)
                    || around == Kind.INTERFACE
                    || around == Kind.ANNOTATION_TYPE;
        }

        private Tree parent() {
            return getCurrentPath().getParentPath().getLeaf();
        }

        private String where() {
            CompilationUnitTree unit = getCurrentPath().getCompilationUnit();
            long position = trees.getSourcePositions()
                    .getStartPosition(unit, getCurrentPath().getLeaf());
            String file = unit.getSourceFile().getName();
            return file.substring(file.lastIndexOf('/') + 1) + ":"
                    + unit.getLineMap().getLineNumber(position);
        }
    }
}
