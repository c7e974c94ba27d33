package dev.sluice.examples.quickstart;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plugins know the API and their own library: never the engine, never Netty, never one another. */
class PluginImportsTest {

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.sluice");

    @ParameterizedTest
    @CsvSource({
        "dev.sluice.redis, dev.sluice.sso, dev.sluice.django",
        "dev.sluice.sso, dev.sluice.redis, dev.sluice.django",
        "dev.sluice.django, dev.sluice.redis, dev.sluice.sso"
    })
    void plugin_importsTheApiOnly(String plugin, String other, String another) {
        assertThat(ALL.containPackage(plugin)).as("classes of " + plugin).isTrue();
        noClasses()
                .that()
                .resideInAPackage(plugin + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.sluice.engine..", "io.netty..", other + "..", another + "..")
                .check(ALL);
    }

    @ParameterizedTest
    @CsvSource({"dev.sluice.api"})
    void api_knowsTheJdkOnly(String api) {
        noClasses()
                .that()
                .resideInAPackage(api + "..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(api + "..", "java..", "org.jspecify..")
                .check(ALL);
    }
}
